"""The map: tribes as matrices of squads and chapters, drawn at a size that fits how many people there are."""
