using Google.Protobuf;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>The file with the timeline of one attempt. Only the thread that decides when a sample
/// is due reads <see cref="Kept"/>; any thread may write.</summary>
internal sealed class TimelineFile(string path, Timeline begin)
{
    private readonly Lock _gate = new();
    private Timeline _kept = begin;
    private TimelineRules _rules;
    private long _lastAt;

    /// <summary>The samples in the file, including those about to be written.</summary>
    public Timeline Kept => _kept;

    public bool HasSamples => _kept.Kept > 0;

    /// <summary>Decides that a sample of now is kept; the caller writes it with the returned
    /// action.</summary>
    public Action<TimelineSample> Keep(long now, TimelineRules rules)
    {
        _rules = rules;
        _kept = _kept.Keep(now, rules, out var thins);
        return sample => Write(sample, thins);
    }

    /// <summary>Writes the last sample.</summary>
    public void End(TimelineSample sample)
    {
        if (!HasSamples)
            return;
        _ = _kept.Keep(_kept.LastAt, _rules, out var thins);
        Write(sample, thins);
        lock (_gate)
            _lastAt = long.MaxValue;
    }

    /// <summary>Drops a sample that is not newer than the last one written.</summary>
    private void Write(TimelineSample sample, bool thins)
    {
        lock (_gate)
        {
            if (sample.At <= _lastAt)
                return;
            _lastAt = sample.At;
            try
            {
                var earlier = thins ? Timeline.Thin(Read()).ToArray() : [];
                // A reader's lock must not cost a sample.
                using var file = new FileStream(
                    path,
                    thins ? FileMode.Create : FileMode.Append,
                    FileAccess.Write,
                    FileShare.ReadWrite
                );
                if (file.Position == 0)
                    _ = Libc.chmod(path, Libc.OwnerOnly);
                foreach (var kept in earlier)
                    kept.WriteDelimitedTo(file);
                sample.WriteDelimitedTo(file);
            }
            catch (IOException)
            {
                // The disk is full; this sample is lost.
            }
        }
    }

    private List<TimelineSample> Read() => TimelineSamples.Read(File.ReadAllBytes(path));
}
