"""The demonstration: fictional loans with real-looking papers, and the main job over them."""
