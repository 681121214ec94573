"""Times other engines beside knee, after it has checked that they agree on the answers."""
