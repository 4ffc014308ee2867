using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Timelines;

/// <summary>A timeline as it is kept: length-delimited samples, oldest first.</summary>
public static class TimelineSamples
{
    /// <summary>All whole samples from the start on; one cut by a crash or a short read, and what
    /// follows it, is left out.</summary>
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
