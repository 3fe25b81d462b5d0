"""Bad days: crashes, full disks, clock steps."""
