using System.Collections.Immutable;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>What is typed into the form.</summary>
/// <param name="Texts">By the names of fields; nothing for those left alone.</param>
internal sealed record SubmitForm(ImmutableDictionary<string, string> Texts)
{
    public static SubmitForm Empty { get; } = new(ImmutableDictionary<string, string>.Empty);

    public string this[JobAttribute field] => Texts.GetValueOrDefault(field.Name, "");

    public SubmitForm With(JobAttribute field, string text) =>
        new(text.Length > 0 ? Texts.SetItem(field.Name, text) : Texts.Remove(field.Name));

    /// <summary>Whether one job is submitted, or several.</summary>
    public SubmissionKind Kind =>
        SubmitFields.All.Any(f => f.Scope == AttributeScope.Elements && this[f].Length > 0)
            ? SubmissionKind.Map
            : SubmissionKind.Job;

    /// <summary>The form that submits such a job again. What was sent along with it is not kept, so
    /// files are to be named anew.</summary>
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

    /// <summary>What is submitted, or what is wrong with which field.</summary>
    public SubmitReading Read(ISubmissionSource from)
    {
        var request = SubmissionDraft.New(Kind);
        var problems = new List<FieldProblem>();
        foreach (var field in SubmitFields.All)
        {
            if (Read(field, request, from) is { } error)
                problems.Add(new(field, error.Message));
        }
        if (problems.Count == 0 && SubmissionDraft.Finish(request, Name).Error is { } wrong)
            problems.Add(new(null, wrong.Message));
        if (problems.Count == 0)
            problems.AddRange(
                SubmissionCheck
                    .Check(request, SubmissionLimits.OfAnyNode(request.Spec))
                    .Select(refusal => new FieldProblem(null, refusal.Message))
            );
        return new(request, problems);
    }

    /// <summary>The values of a field: one, or none, or several of a field that takes
    /// them.</summary>
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

    // As the headless command says it.
    private static string Name(JobAttribute field) => field.Option;
}

/// <summary>What a form says.</summary>
/// <param name="Request">As far as it could be read.</param>
/// <param name="Problems">Empty: it can be sent.</param>
internal sealed record SubmitReading(SubmitRequest Request, IReadOnlyList<FieldProblem> Problems);

/// <summary>What is wrong.</summary>
/// <param name="Field">Null: no single field.</param>
/// <param name="Message">A sentence, the same as the headless command's.</param>
internal sealed record FieldProblem(JobAttribute? Field, string Message);
