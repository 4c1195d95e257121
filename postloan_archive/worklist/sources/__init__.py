"""Where deadlines come from: measures, limitation and guarantees, events of cases."""
