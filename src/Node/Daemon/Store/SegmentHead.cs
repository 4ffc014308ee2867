namespace JobCloud.Node.Daemon.Store;

/// <summary>A segment's last sequence number in the journal.</summary>
internal readonly record struct SegmentHead(long Segment, long SequenceNr);
