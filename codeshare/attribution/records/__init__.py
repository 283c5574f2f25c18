"""Line records: what agents themselves wrote down about the lines of a commit, parsed and held against the diff."""
