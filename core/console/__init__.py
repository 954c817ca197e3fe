"""The console: what the command line says and prints. Nothing else imports it but `noroshi.py`."""
