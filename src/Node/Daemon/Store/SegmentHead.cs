namespace JobCloud.Node.Daemon.Store;

/// <summary>How far a segment's journal goes.</summary>
internal readonly record struct SegmentHead(long Segment, long SequenceNr);
