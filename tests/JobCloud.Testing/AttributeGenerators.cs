using FsCheck;
using FsCheck.Fluent;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Testing;

/// <summary>A request for one job, or a shell job, with some attributes set.</summary>
public sealed record FilledRequest(SubmitRequest Request)
{
    public override string ToString() => Request.ToString();
}

/// <summary>Generators of attribute values, derived from the catalogue, so that a new attribute
/// needs no change here.</summary>
public static class AttributeGenerators
{
    /// <summary>Attributes whose values can be printed.</summary>
    public static IReadOnlyList<JobAttribute> Kept { get; } =
    [
        .. JobAttributes.All.Where(a =>
            a.Kind != AttributeKind.File && a.Scope != AttributeScope.Elements
        ),
    ];

    /// <summary>Values that the attribute accepts together.</summary>
    public static Gen<List<string>> Values(JobAttribute attribute) =>
        attribute.Value.IsRepeatable
            ? from count in Gen.Choose(1, 3)
            from texts in Gen.CollectToArray(
                Enumerable.Range(0, count).Select(place => Value(attribute, place))
            )
            select texts.ToList()
            : Value(attribute, 0).Select(text => new List<string> { text });

    public static Arbitrary<FilledRequest> Requests() =>
        (
            from kind in Gen.Elements(SubmissionKind.Job, SubmissionKind.Shell)
            from attributes in Gen.SubListOf(Kept.Where(a => a.IsFor(kind)).ToArray())
            from values in Gen.CollectToArray(attributes.Select(Values))
            select new FilledRequest(Filled(kind, attributes.Zip(values)))
        ).ToArbitrary();

    /// <summary>The kind of submission to try an attribute in.</summary>
    public static SubmissionKind KindFor(JobAttribute attribute) =>
        Enum.GetValues<SubmissionKind>().First(attribute.IsFor);

    /// <summary>What a copy of a job asks for: it says where the job ran, and with what.</summary>
    public static JobSpec Copied(JobSpec spec)
    {
        var copy = spec.Clone();
        copy.Fresh = spec.WorkingDirectory.Length == 0;
        if (spec.Export.Length == 0 && spec.Exported.Count == 0)
            copy.Export = ExportedVariables.None;
        return copy;
    }

    private static SubmitRequest Filled(
        SubmissionKind kind,
        IEnumerable<(JobAttribute Attribute, List<string> Texts)> values
    )
    {
        var request = SubmissionDraft.New(kind);
        foreach (var (attribute, texts) in values)
        {
            foreach (var text in texts)
            {
                if (attribute.Read(request, text, new ScriptedSource(), a => a.Name) is { } error)
                    throw new InvalidOperationException(error.Message);
            }
        }
        request.Spec.Fresh &= request.Spec.WorkingDirectory.Length == 0;
        if (request.Spec.PublishedPorts.Count > 0)
            request.Spec.IsolateNetwork = true;
        if (kind == SubmissionKind.Job)
            request.Spec.Command = Command(request.Spec);
        return request;
    }

    // A command must use all given parameters.
    private static string Command(JobSpec spec) =>
        string.Concat(spec.Data.Select(p => $" {{{p.Name}}}").Prepend("echo"));

    private static Gen<string> Value(JobAttribute attribute, int place) =>
        attribute.Name switch
        {
            "cwd" => Gen.Elements("/tmp", "/a b", "/x/é"),
            "export" => Gen.Elements("all", "none", "PATH,LC_*"),
            "publish" => Gen.Elements($"{place + 1}", $"{place + 1}/udp"),
            "depends-on" => Generators.Selections().Generator.Select(JidNotation.Print),
            _ when attribute.Value.Choices.Count > 0 => Gen.Elements(
                attribute.Value.Choices.ToArray()
            ),
            _ => OfKind(attribute.Kind, place),
        };

    private static Gen<string> OfKind(AttributeKind kind, int place) =>
        kind switch
        {
            AttributeKind.Number => Gen.Choose(1, 50).Select(n => $"{n}"),
            // Never the memory of a core type.
            AttributeKind.Size => Gen.Choose(4096, 1_000_000).Select(n => Sizes.Exact(n * 1025L)),
            AttributeKind.Duration => Gen.OneOf(
                Gen.Choose(1, 9).Select(n => $"{n}"),
                Gen.Choose(1, int.MaxValue)
                    .Select(ms => Durations.Print(TimeSpan.FromMilliseconds(ms)))
            ),
            AttributeKind.Flag => Gen.Constant(JobAttribute.On),
            AttributeKind.Pairs => Word.Select(word => $"p{place}={word}"),
            _ => Word,
        };

    private static Gen<string> Word { get; } =
        Gen.Elements("night", "two words", "-x", "it's", "a=b:c", "none", "é 日本", @"\", "1");
}
