using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>Creates attribute values by type, each with its parsing, formatting and
/// validation.</summary>
internal static class AttributeValueFactory
{
    private static readonly string[] Truths = [JobAttribute.On, JobAttribute.Off];

    public static AttributeValue Words(Func<JobSpec, string> get, Action<JobSpec, string> set) =>
        new(
            AttributeKind.Text,
            (r, text, _) => Take<string>(text, value => set(r.Spec, value)),
            r => [get(r.Spec)]
        );

    /// <summary>A label or a name.</summary>
    public static AttributeValue Name(Func<JobSpec, string> get, Action<JobSpec, string> set) =>
        Words(get, set) with
        {
            Check = (what, r, limits) => AttributeCheck.Name(what, get(r.Spec), limits),
        };

    public static AttributeValue Path(Func<JobSpec, string> get, Action<JobSpec, string> set) =>
        Words(get, set) with
        {
            Check = (_, r, _) => AttributeCheck.Path(get(r.Spec)),
        };

    /// <param name="most">Null: no upper limit.</param>
    public static AttributeValue Number(
        int least,
        Func<JobSpec, int> get,
        Action<JobSpec, int> set,
        Func<SubmissionLimits, int>? most = null
    ) =>
        new(
            AttributeKind.Number,
            (r, text, _) => Take(Numbers.Parse(text, least), number => set(r.Spec, number)),
            r => [Printed(get(r.Spec))]
        )
        {
            Check = (what, r, limits) =>
                AttributeCheck.Number(what, get(r.Spec), least, most?.Invoke(limits)),
        };

    /// <summary>A limit of the job; 0: none.</summary>
    public static AttributeValue Limit(Func<JobSpec, int> get, Action<JobSpec, int> set) =>
        Number(1, get, set) with
        {
            Print = r => get(r.Spec) == 0 ? [] : [Printed(get(r.Spec))],
            Check = (what, r, _) => AttributeCheck.NotNegative(what, get(r.Spec)),
        };

    /// <summary>A limit of a map; 0: none.</summary>
    public static AttributeValue MapLimit(Func<JobSpec, int> get, Action<JobSpec, int> set) =>
        Limit(get, set) with
        {
            Check = (what, r, _) => AttributeCheck.MapLimit(what, get(r.Spec), r.IsMap),
        };

    /// <summary>A limit of memory; 0: none.</summary>
    public static AttributeValue Memory(Func<JobSpec, long> get, Action<JobSpec, long> set) =>
        new(
            AttributeKind.Size,
            (r, text, _) => Take(MemoryText.Parse(text), bytes => set(r.Spec, bytes)),
            r => get(r.Spec) == 0 ? [] : [Sizes.Exact(get(r.Spec))]
        )
        {
            Check = (what, r, _) => AttributeCheck.Memory(what, get(r.Spec)),
        };

    /// <summary>A duration in whole milliseconds; 0: none.</summary>
    /// <param name="bare">The unit of a number without one.</param>
    public static AttributeValue Duration(
        TimeSpan bare,
        Func<JobSpec, long> get,
        Action<JobSpec, long> set
    ) =>
        new(
            AttributeKind.Duration,
            (r, text, _) =>
                Take(
                    Durations.Parse(text, bare),
                    time => set(r.Spec, time.Ticks / TimeSpan.TicksPerMillisecond)
                ),
            r => get(r.Spec) == 0 ? [] : [Durations.Print(OfMilliseconds(get(r.Spec)))]
        )
        {
            Check = (what, r, _) => AttributeCheck.NotNegative(what, get(r.Spec)),
        };

    public static AttributeValue Flag(
        Func<Api.SubmitRequest, bool> get,
        Action<Api.SubmitRequest, bool> set
    ) =>
        new(
            AttributeKind.Flag,
            (r, text, _) =>
                Take(Choices.Parse(text, Truths), word => set(r, word == JobAttribute.On)),
            r => [Printed(get(r))]
        );

    /// <param name="get">Returns the choice; empty: none.</param>
    public static AttributeValue Choice(
        IReadOnlyList<string> choices,
        Func<JobSpec, string> get,
        Action<JobSpec, string> set
    ) =>
        new(
            AttributeKind.Choice,
            (r, text, _) => Take(Choices.Parse(text, choices), word => set(r.Spec, word)),
            r => get(r.Spec) is { Length: > 0 } word ? [word] : []
        )
        {
            Choices = choices,
        };

    public static string Printed(bool on) => on ? JobAttribute.On : JobAttribute.Off;

    private static string Printed(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sets a parsed value, or returns its error.</summary>
    public static TextError? Take<T>(Parsed<T> parsed, Action<T> put)
    {
        if (parsed.Ok)
            put(parsed.Value);
        return parsed.Error;
    }

    // A request may contain a larger value than a TimeSpan can hold.
    private static TimeSpan OfMilliseconds(long ms) =>
        TimeSpan.FromTicks(
            Math.Min(ms, TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond)
                * TimeSpan.TicksPerMillisecond
        );
}
