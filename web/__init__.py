"""The web face: pages under /desk, the JSON API under /api, receipts and health beside them."""
