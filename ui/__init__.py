"""What lessons share on screen: frame, controls, cached model access, client-side components."""
