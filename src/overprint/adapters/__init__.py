"""One folder a port, one file or folder a vendor. Embedded adapters are thin shells over ``craft``."""
