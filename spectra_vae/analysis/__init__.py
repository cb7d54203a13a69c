"""About models: what their neurons do to a spectrum and what they say of one."""
