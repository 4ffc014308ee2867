using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>The attributes of a job as set at submission, by option name.</summary>
internal static class AttributesItem
{
    public static InfoValue? Of(JobDetail job)
    {
        if (job.Spec is not { } spec)
            return null;
        var members = new List<KeyValuePair<string, InfoValue>>();
        Add("command", Text(job.Command.Length > 0 ? job.Command : spec.Command));
        if (job.Command.Length > 0 && job.Command != spec.Command)
            Add("template", Text(spec.Command));
        Add("owner", Text(job.Owner));
        if (job.MapFirst > 0)
            Add("map", Text(JidNotation.Print(JidRanges.Range(job.MapFirst, job.MapLast))));
        var request = new SubmitRequest { Spec = spec };
        foreach (var attribute in Shown)
        {
            var name = attribute.Opposite.Length > 0 ? attribute.Opposite : attribute.Member;
            if (
                Value(attribute, [.. (attribute.Value.Show ?? attribute.Value.Print)(request)]) is
                { } value
            )
                Add(name, value);
        }
        // A group of their own: most jobs have them, and few were set one by one.
        if (spec.Exported.Count > 0)
            Add(
                "exported",
                new InfoValue.Object([
                    .. spec.Exported.Select(variable =>
                        KeyValuePair.Create<string, InfoValue>(variable.Name, Text(variable.Value))
                    ),
                ])
            );
        return new InfoValue.Object(members);

        void Add(string name, InfoValue value) => members.Add(new(name, value));
    }

    /// <summary>The attributes to show: the job keeps no values of the others.</summary>
    private static IEnumerable<JobAttribute> Shown =>
        JobAttributes.All.Where(attribute =>
            attribute.Kind != AttributeKind.File
            && attribute.Scope is not (AttributeScope.Elements or AttributeScope.Submission)
        );

    /// <summary>The values of an attribute as one info value; null: nothing to show.</summary>
    private static InfoValue? Value(JobAttribute attribute, IReadOnlyList<string> texts) =>
        attribute.Kind switch
        {
            AttributeKind.Text => Text(texts.FirstOrDefault("")),
            AttributeKind.Texts => new InfoValue.List([.. texts.Select(Text)]),
            AttributeKind.Pairs => new InfoValue.Object([.. texts.Select(Pair)]),
            _ when texts.Count == 0 => null,
            AttributeKind.Number => new InfoValue.Number(
                long.Parse(texts[0], CultureInfo.InvariantCulture)
            ),
            AttributeKind.Size => new InfoValue.Bytes(Sizes.Parse(texts[0]).Value),
            AttributeKind.Duration => new InfoValue.Seconds(
                Durations.Parse(texts[0]).Value.TotalSeconds
            ),
            AttributeKind.Flag => new InfoValue.Flag(
                (texts[0] == JobAttribute.On) == (attribute.Opposite.Length == 0)
            ),
            _ => Text(texts[0]),
        };

    private static InfoValue.Text Text(string text) => new(text);

    private static KeyValuePair<string, InfoValue> Pair(string text)
    {
        var equals = text.IndexOf('=');
        return new(text[..equals], Text(text[(equals + 1)..]));
    }
}
