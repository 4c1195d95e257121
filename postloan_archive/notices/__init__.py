"""Letters to borrowers and guarantors: draft, issue, proof of delivery."""
