"""What a draft proposes: finds made into claims, each with the ranges it rests on."""

from kg.drafting.proposals.all import propose
from kg.drafting.proposals.claims import Block, Claim

__all__ = ["Block", "Claim", "propose"]
