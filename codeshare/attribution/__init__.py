"""Who wrote a commit: rules over the marks that agents and bots leave, and the people behind identities."""
