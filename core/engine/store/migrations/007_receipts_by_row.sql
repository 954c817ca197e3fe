-- A receipt names its row: no index over random secrets, each entry of which was a page of its own.
DROP INDEX outgoing_receipt;
