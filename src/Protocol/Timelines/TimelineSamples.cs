using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Timelines;

/// <summary>Reads a stored timeline: length-delimited samples, oldest first.</summary>
public static class TimelineSamples
{
    /// <summary>The complete samples from the start. It stops at a sample that a crash or a short
    /// read truncated.</summary>
    public static List<TimelineSample> Read(ReadOnlySpan<byte> bytes)
    {
        var samples = new List<TimelineSample>();
        while (
            Frames.Read(bytes, Frames.MaxBytes, out var at, out var length) == FrameStatus.Whole
            && Frames.TryParse(TimelineSample.Parser, bytes.Slice(at, length), out var sample)
        )
        {
            samples.Add(sample);
            bytes = bytes[(at + length)..];
        }
        return samples;
    }
}
