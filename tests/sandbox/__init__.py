"""The platforms on loopback, tried over HTTP as a stranger's program would."""
