"""People: who works here, what they may do, how they are reached, how they prove who they are."""
