"""How the networks that ship were made; each module that trains one is a command."""
