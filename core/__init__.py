"""The core of Noroshi: the engine and the parts of the domain; no framework, no network."""
