namespace JobCloud.Node.Daemon.Store;

/// <summary>How far a segment's journal goes.</summary>
public readonly record struct SegmentHead(long Segment, long SequenceNr);
