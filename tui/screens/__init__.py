"""Where keys become acts."""
