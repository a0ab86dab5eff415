"""How a filter's method is called: sizes, memory, devices, steps."""
