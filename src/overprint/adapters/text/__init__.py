"""Writers: the embedded one, hosted models, and a scripted fake."""
