"""Gives the wheel the version of the programs."""

import re
from pathlib import Path

from setuptools import setup

properties = Path(__file__).resolve().parents[2] / "Directory.Build.props"
version = re.search("<Version>(.*)</Version>", properties.read_text())
assert version, f"{properties} has no <Version>"
setup(version=version[1])
