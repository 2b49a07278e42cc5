"""Making the synthetic district and keeping it alive."""
