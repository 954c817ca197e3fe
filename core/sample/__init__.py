"""The sample desk: a believable support desk with people, a roster, policies and tickets."""
