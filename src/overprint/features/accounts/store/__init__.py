"""SQL of the accounts room. All of it but the keys' own is run by the system role."""
