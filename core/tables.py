"""Importing this module registers every table with SQLModel's metadata (migrations, tests)."""

from sqlmodel import SQLModel

import core.entities

metadata = SQLModel.metadata
entities = core.entities
