using System.Collections.Immutable;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>What is typed into the form: a text a field, nothing for those left alone.</summary>
internal sealed record SubmitForm(ImmutableDictionary<SubmitField, string> Texts)
{
    public static SubmitForm Empty { get; } =
        new(ImmutableDictionary<SubmitField, string>.Empty.WithComparers(ReferenceComparer));

    private static IEqualityComparer<SubmitField> ReferenceComparer =>
        System.Collections.Generic.ReferenceEqualityComparer.Instance;

    public string this[SubmitField field] => Texts.GetValueOrDefault(field, "");

    public SubmitForm With(SubmitField field, string text) =>
        new(text.Length > 0 ? Texts.SetItem(field, text) : Texts.Remove(field));

    /// <summary>Whether several jobs are submitted.</summary>
    public bool IsMap => SubmitFields.All.Any(f => f.MakesMap && this[f].Length > 0);

    /// <summary>The form that submits such a job again. What was sent along with it is not kept, so
    /// files are to be named anew.</summary>
    public static SubmitForm Of(JobDetail job)
    {
        var spec = (job.Spec ?? new JobSpec()).Clone();
        if (job.MapFirst > 0 || spec.Data.Any(p => p.HasFile))
        {
            // One element of a map: its command as it was run.
            spec.Command = Template.Escape(job.Command);
            (spec.MaxParallel, spec.MaxFails) = (0, 0);
            spec.Data.Clear();
        }
        var form = Empty;
        foreach (var field in SubmitFields.All)
        {
            var values = field.Get(spec).ToList();
            form = form.With(
                field,
                field.Kind == FieldKind.Many ? ShellWords.Join(values) : values.FirstOrDefault("")
            );
        }
        return form;
    }

    /// <summary>What is submitted, or what is wrong with which field.</summary>
    public SubmitReading Read(ReadFile read)
    {
        var request = new SubmitRequest
        {
            Spec = new JobSpec { Cores = 1, Priority = 5 },
            Count = 1,
        };
        var problems = new List<FieldProblem>();
        foreach (var field in SubmitFields.All)
        {
            var values = Values(field);
            var error = values.Error;
            foreach (var value in values.Value ?? [])
                error ??= field.Put(request, value, read);
            if (error is not null)
                problems.Add(new(field, Sentence(field, error.Message)));
        }
        if (IsMap && problems.Count == 0)
            AddElements(request, read, problems);
        if (problems.Count == 0)
            problems.AddRange(
                SubmissionCheck
                    .Check(request, SubmissionLimits.OfAnyNode(request.Spec))
                    .Select(refusal => new FieldProblem(null, refusal.Message))
            );
        return new(request, problems);
    }

    /// <summary>The values of a field: one, or none, or several of a field that takes them.</summary>
    public Parsed<List<string>> Values(SubmitField field)
    {
        var text = this[field];
        return field.Kind == FieldKind.Many ? ShellWords.Split(text)
            : text.Length > 0 ? new List<string> { text }
            : new List<string>();
    }

    private void AddElements(SubmitRequest request, ReadFile read, List<FieldProblem> problems)
    {
        var texts = new MapTexts(
            Values(SubmitMapFields.Data).Value!,
            Values(SubmitMapFields.ArgFile).Value!,
            Values(SubmitMapFields.Range).Value!,
            this[SubmitMapFields.Json] is { Length: > 0 } file ? file : null,
            Numbers.Parse(this[SubmitMapFields.Copies], 1) is { Ok: true } copies ? copies.Value : 1
        );
        var plan = texts.Read(request.Spec.Command, (path, beside) => read(path, beside));
        if (!plan.Ok)
        {
            problems.Add(new(null, plan.Error.Message));
            return;
        }
        (request.IsMap, request.Count) = (true, plan.Value.Count);
        request.Columns.AddRange(plan.Value.Columns);
    }

    private static string Sentence(SubmitField field, string message) =>
        field.Option.Length > 0 ? $"{field.Option}: {message}" : message;
}

/// <summary>What a form says.</summary>
/// <param name="Request">As far as it could be read.</param>
/// <param name="Problems">Empty: it can be sent.</param>
internal sealed record SubmitReading(SubmitRequest Request, IReadOnlyList<FieldProblem> Problems);

/// <summary>What is wrong.</summary>
/// <param name="Field">Null: no single field.</param>
/// <param name="Message">A sentence, the same as the headless command's.</param>
internal sealed record FieldProblem(SubmitField? Field, string Message);
