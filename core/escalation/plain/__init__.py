"""The rules in plain words: when may I call whom? Made from the policies and rules themselves."""
