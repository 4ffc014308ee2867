using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>The samples of one attempt on disk. Only whoever decides what is due reads
/// <see cref="Kept"/>; the writing is for any thread.</summary>
internal sealed class TimelineFile(string path, Timeline begin)
{
    private readonly Lock _gate = new();
    private Timeline _kept = begin;
    private TimelineRules _rules;
    private long _lastAt;

    /// <summary>Which samples there are, those included that are about to be written.</summary>
    public Timeline Kept => _kept;

    public bool HasSamples => _kept.Kept > 0;

    /// <summary>A sample of now is to be kept: write it with what is returned.</summary>
    public Action<TimelineSample> Keep(long now, TimelineRules rules)
    {
        _rules = rules;
        _kept = _kept.Keep(now, rules, out var thins);
        return sample => Write(sample, thins);
    }

    /// <summary>Keeps one last sample.</summary>
    public void End(TimelineSample sample)
    {
        if (!HasSamples)
            return;
        _ = _kept.Keep(_kept.LastAt, _rules, out var thins);
        Write(sample, thins);
        lock (_gate)
            _lastAt = long.MaxValue;
    }

    /// <summary>A sample that is older than the last one comes too late.</summary>
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
                using var file = File.Open(path, thins ? FileMode.Create : FileMode.Append);
                foreach (var kept in earlier)
                    kept.WriteDelimitedTo(file);
                sample.WriteDelimitedTo(file);
            }
            catch (IOException)
            {
                // A full disk: this sample is lost.
            }
        }
    }

    private List<TimelineSample> Read() => TimelineSamples.Read(File.ReadAllBytes(path));
}
