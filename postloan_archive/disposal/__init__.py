"""What is done with a troubled claim: new plan, relief, sale, asset, write-off, bankruptcy."""
