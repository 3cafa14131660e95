"""What other sites and programs read of an event: data, pictures, cards to embed."""
