"""What the store decides by: who may lend what, labels, how full a box is."""
