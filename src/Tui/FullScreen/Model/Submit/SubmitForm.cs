using System.Collections.Immutable;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>The contents of the submission form.</summary>
/// <param name="Texts">Texts by field name; empty fields are absent.</param>
/// <param name="Like">The map whose elements are submitted again unless others are given; null:
/// none.</param>
internal sealed record SubmitForm(
    ImmutableDictionary<string, string> Texts,
    MapElements? Like = null
)
{
    public static SubmitForm Empty { get; } = new(ImmutableDictionary<string, string>.Empty);

    public string this[JobAttribute field] => Texts.GetValueOrDefault(field.Name, "");

    public SubmitForm With(JobAttribute field, string text) =>
        this with
        {
            Texts = text.Length > 0 ? Texts.SetItem(field.Name, text) : Texts.Remove(field.Name),
        };

    /// <summary>Whether the form submits one job or a map.</summary>
    public SubmissionKind Kind =>
        HasElements || Like is not null ? SubmissionKind.Map : SubmissionKind.Job;

    /// <summary>Whether the elements are those of <see cref="Like"/>.</summary>
    public bool UsesLike => Like is not null && !HasElements;

    private bool HasElements =>
        SubmitFields.All.Any(f => f.Scope == AttributeScope.Elements && this[f].Length > 0);

    /// <summary>The form that submits a copy of a map.</summary>
    public static SubmitForm Of(MapReply map)
    {
        var source = map.Submission;
        var like = new JobDetail { Spec = source.Spec, Parameters = { source.Spec.Data } };
        return Of(like) with { Like = new MapElements(map.First, map.Last, source.Columns) };
    }

    /// <summary>Whether reading the form may read files.</summary>
    public bool MayNameFiles =>
        Texts.Values.Any(text => text.Contains('@'))
        || SubmitFields.All.Any(f => f.Kind == AttributeKind.File && this[f].Length > 0);

    /// <summary>The form that submits a copy of a job. Files sent along with it are not kept and
    /// must be named again.</summary>
    public static SubmitForm Of(JobDetail job)
    {
        var request = Resubmission.Of(job);
        request.Spec.ShellJob = null;
        return JobAttributes
            .Given(request)
            .Aggregate(
                Empty.With(SubmitFields.Command, request.Spec.Command),
                (form, given) =>
                    form.With(
                        given.Attribute,
                        given.Attribute.Value.IsRepeatable
                            ? ShellWords.Join(given.Texts)
                            : given.Texts.FirstOrDefault("")
                    )
            );
    }

    /// <summary>Converts the form to a request, with the errors found.</summary>
    public SubmitReading Read(ISubmissionSource from)
    {
        var request = SubmissionDraft.New(Kind);
        var errors = new List<FieldError>();
        foreach (var field in SubmitFields.All)
        {
            if (Read(field, request, from) is { } error)
                errors.Add(new(field, error.Message));
        }
        if (UsesLike)
            Like!.PutInto(request);
        CommandLine.SetWords(request.Spec, CommandWords);
        if (errors.Count == 0 && SubmissionDraft.Finish(request, Name).Error is { } formError)
            errors.Add(new(null, formError.Message));
        if (errors.Count == 0)
            errors.AddRange(
                SubmissionCheck
                    .Check(request, SubmissionLimits.OfAnyNode(request.Spec))
                    .Select(refusal => new FieldError(null, refusal.Message))
            );
        return new(request, errors);
    }

    /// <summary>The words of the command, as the headless command takes them: one shell line or,
    /// without a shell, the quoted words of the field.</summary>
    public IReadOnlyList<string> CommandWords =>
        this[SubmitFields.Shell] == CommandLine.NoShell
        && ShellWords.Split(this[SubmitFields.Command]) is { Ok: true, Value: { Count: > 0 } words }
            ? words
            : [this[SubmitFields.Command]];

    /// <summary>The values of a field: at most one, or several if it is repeatable.</summary>
    public Parsed<List<string>> Values(JobAttribute field)
    {
        var text = this[field];
        return field.Value.IsRepeatable ? ShellWords.Split(text)
            : text.Length > 0 ? new List<string> { text }
            : new List<string>();
    }

    private TextError? Read(JobAttribute field, SubmitRequest request, ISubmissionSource from)
    {
        var values = Values(field);
        if (!values.Ok)
            return values.Error with { Message = $"{Name(field)}: {values.Error.Message}" };
        TextError? error = null;
        foreach (var value in values.Value)
            error ??= field.Read(request, value, from, Name);
        return error;
    }

    // The same name as in the headless command's messages.
    private static string Name(JobAttribute field) => field.Option;
}

/// <summary>A form converted to a request.</summary>
/// <param name="Request">The request, as far as it could be read.</param>
/// <param name="Errors">The errors; empty: the request can be sent.</param>
internal sealed record SubmitReading(SubmitRequest Request, IReadOnlyList<FieldError> Errors);

/// <summary>An error in the form.</summary>
/// <param name="Field">Null: the error concerns no single field.</param>
/// <param name="Message">The same message as the headless command's.</param>
internal sealed record FieldError(JobAttribute? Field, string Message);
