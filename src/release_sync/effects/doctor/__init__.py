"""An examination of everything that a release from here needs; it changes nothing that stays."""
