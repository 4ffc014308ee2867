using System.CommandLine;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>The options and the command line of one kind of submission.</summary>
internal sealed class SubmissionOptions
{
    private readonly SubmissionKind _kind;
    private readonly List<Given> _options = [];
    private readonly Argument<string[]>? _command;

    public SubmissionOptions(SubmissionKind kind, Command target)
    {
        _kind = kind;
        if (kind != SubmissionKind.Shell)
        {
            _command = Arg.Words(
                "COMMAND",
                "one word is a line for the shell; several are a program and its arguments, unchanged",
                required: true
            );
            target.Add(_command);
        }
        foreach (var attribute in JobAttributes.All.Where(attribute => attribute.IsFor(kind)))
            Add(attribute, target);
    }

    /// <summary>The request, with its files or their hashes; not checked yet.</summary>
    /// <param name="files">Takes the files to send along.</param>
    public Parsed<SubmitRequest> Read(Invocation call, OutgoingFiles files)
    {
        var request = SubmissionDraft.New(_kind);
        if (_command is not null)
            CommandLine.SetWords(request.Spec, call.Get(_command)!);
        var from = new SubmissionSource(call.Terminal.Submitter, files, call.Terminal.Input);
        foreach (var (attribute, texts) in _options)
        {
            foreach (var text in texts(call))
            {
                if (attribute.Read(request, text, from, Name) is { } error)
                    return error;
            }
        }
        TraceContext.PutInto(request.Spec, from.Variable(TraceContext.Variable));
        return SubmissionDraft.Finish(request, Name);
    }

    private static string Name(JobAttribute attribute) => attribute.Option;

    private void Add(JobAttribute attribute, Command target)
    {
        var help = attribute.HelpFor(_kind);
        string[] aliases = attribute.Alias.Length > 0 ? [attribute.Alias] : [];
        if (attribute.Kind == AttributeKind.Flag)
        {
            var flag = Opt.Flag(attribute.Option, help, aliases);
            Add(flag, call => call.Get(flag) ? [JobAttribute.On] : []);
        }
        else if (attribute.Value.IsRepeatable)
        {
            var texts = Opt.Texts(attribute.Option, attribute.Placeholder, help, aliases);
            Add(texts, call => call.Get(texts)!);
        }
        else
        {
            var text = Opt.Text(attribute.Option, attribute.Placeholder, help, aliases);
            text.CompletionSources.Add([.. attribute.Value.Choices]);
            Add(text, call => call.Get(text) is { } value ? [value] : []);
        }

        void Add(Option option, Func<Invocation, string[]> texts)
        {
            target.Add(option);
            _options.Add(new(attribute, texts));
        }
    }

    private sealed record Given(JobAttribute Attribute, Func<Invocation, string[]> Texts);
}
