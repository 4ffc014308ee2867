using System.Diagnostics;
using JobCloud.Client.Errors;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Client;

/// <summary>Turns a request of a program into one for a node.</summary>
/// <param name="files">Takes the files to send along.</param>
internal sealed class RequestReader(Submitter submitter, OutgoingFiles files)
{
    /// <summary>The request, checked as far as that does not depend on the node.</summary>
    /// <exception cref="ClientErrorException">It is malformed.</exception>
    public SubmitRequest Read(JobRequest request)
    {
        var kind = request is MapRequest ? SubmissionKind.Map : SubmissionKind.Job;
        var draft = SubmissionDraft.New(kind);
        if (request.Argv is { } argv)
            CommandLine.SetArgv(draft.Spec, argv);
        else
            draft.Spec.Command = request.Command ?? "";
        var from = new SubmissionSource(submitter, files);
        foreach (var attribute in JobAttributes.All.Where(attribute => attribute.IsFor(kind)))
        foreach (var text in RequestFields.Of(request, attribute))
            Check(attribute.Read(draft, text, from, NameOf));
        foreach (var (name, input) in request.Data)
            draft.Spec.Data.Add(ParameterOf(name, input));
        if (request.Stdin is { } stdin)
            ContentOf("Stdin", stdin).PutIntoStdin(draft.Spec);
        TraceContext.PutInto(draft.Spec, Trace());
        if (request is MapRequest map)
            foreach (var (name, inputs) in map.MapData)
                draft.Columns.Add(ColumnOf(name, inputs));
        var finished = SubmissionDraft.Finish(draft, NameOf);
        if (!finished.Ok)
            throw Wrong(finished.Error.Message);
        if (SubmissionSender.Problem(finished.Value) is { } problem)
            throw new ClientErrorException(ClientError.Of(problem));
        return finished.Value;
    }

    /// <summary>The property of a request, such as <c>MaxRuntime</c>.</summary>
    public static string NameOf(JobAttribute attribute) =>
        string.Concat(
            attribute.Name.Split('-').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}")
        );

    /// <summary>The trace of the caller, else that of this process; null: there is none.</summary>
    private string? Trace() =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? activity.Id
            : submitter.Variable(TraceContext.Variable);

    private Parameter ParameterOf(string name, JobInput input)
    {
        CheckName("Data", name);
        var parameter = new Parameter { Name = name, Value = input.Text };
        if (input.IsFile)
            ContentOf("Data", input).PutInto(parameter);
        return parameter;
    }

    private MapColumn ColumnOf(string name, IReadOnlyList<JobInput> inputs)
    {
        CheckName("MapData", name);
        var list = new ValueList { Values = { inputs.Select(input => input.Text) } };
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!inputs[i].IsFile)
                continue;
            var file = new ColumnFile { Index = i };
            ContentOf("MapData", inputs[i]).PutInto(file);
            list.Files.Add(file);
        }
        return new MapColumn { Name = name, List = list };
    }

    private SentContent ContentOf(string property, JobInput input)
    {
        if (input.Open is { } open)
            return files.AddInput(open());
        if (input.Path is not { } path)
            return files.AddInput(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input.Text)));
        return files.TryAdd(Path.GetFullPath(path, submitter.Directory))
            ?? throw Wrong($"{property}: the file {path} cannot be read.");
    }

    private static void CheckName(string property, string name)
    {
        if (!CommandTemplate.IsName(name))
            throw Wrong(
                $"{property}: '{name}' is not a valid parameter name; use letters, digits and _."
            );
    }

    private static void Check(TextError? error)
    {
        if (error is not null)
            throw Wrong(error.Message);
    }

    private static ClientErrorException Wrong(string message) => new(ClientError.Usage(message));
}
