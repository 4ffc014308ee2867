using System.Text;
using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Writes the details of jobs as they arrive, so that only one job is in memory.</summary>
internal abstract class InfoSink(IReadOnlyList<InfoItem> items) : IDisposable
{
    protected IReadOnlyList<InfoItem> Items => items;

    public abstract void Add(JobDetail job, long now);

    /// <summary>Ends the document; called if nothing failed.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}

/// <summary>Writes a heading for each job and lines <c>item: value</c>. Items of one group stand
/// below its name, and so does a value of several lines.</summary>
/// <param name="hidesAbsent">Whether items without a value are left out, without the
/// reason.</param>
internal sealed class InfoTextSink(IReadOnlyList<InfoItem> items, Invocation call, bool hidesAbsent)
    : InfoSink(items)
{
    private const string Indent = "  ";

    private const InfoNeed OfSeveralLines =
        InfoNeed.Stdout | InfoNeed.Stderr | InfoNeed.Logging | InfoNeed.Syslog | InfoNeed.Pilog;

    /// <summary>What the job itself wrote is passed on as it is.</summary>
    private const InfoNeed OutputsOfJob = InfoNeed.Stdout | InfoNeed.Stderr | InfoNeed.Logging;

    private readonly StreamWriter _output = new(
        call.Terminal.Output,
        new UTF8Encoding(false),
        1 << 14,
        leaveOpen: true
    );

    public override void Add(JobDetail job, long now)
    {
        var isQuiet = call.Format == OutputFormat.Quiet;
        if (call.Format == OutputFormat.Default)
            _output.Write($"Info for jid {job.Jid}\n");
        var group = "";
        foreach (var item in Items)
        {
            var value = item.Read(job, now);
            var offset = call.OffsetAt(now);
            var text = (
                isQuiet ? InfoText.Render(value, offset) : InfoText.Describe(value, offset)
            ).TrimEnd('\n');
            if (text.Length == 0 || (hidesAbsent && value is InfoValue.Absent))
                continue;
            var isOutput = value is InfoValue.Text && (item.Need & OutputsOfJob) != 0;
            var shown = isOutput ? text : VisibleText.Of(text);
            if (isQuiet)
            {
                _output.Write($"{shown}\n");
                continue;
            }
            if (item.Prefix.Length > 0 && item.Prefix != group)
                _output.Write($"{item.Prefix}:\n");
            group = item.Prefix;
            Write(item, shown);
            if (item.PartialReason(job) is { } missed)
                _output.Write($"({item.Name}: {VisibleText.Of(missed)})\n");
        }
        _output.Flush();
    }

    private void Write(InfoItem item, string shown)
    {
        if (item.Prefix.Length > 0)
            _output.Write($"{Indent}{item.Name[(item.Prefix.Length + 1)..]}: {shown}\n");
        else if ((item.Need & OfSeveralLines) != 0)
            _output.Write($"{item.Name}:\n{shown}\n");
        else if (shown.Contains('\n'))
            _output.Write($"{item.Name}:\n{Indent}{shown.Replace("\n", $"\n{Indent}")}\n");
        else
            _output.Write($"{item.Name}: {shown}\n");
    }

    public override void Complete() => _output.Flush();

    public override void Dispose() => _output.Dispose();
}

/// <summary>Writes one object keyed by jid.</summary>
internal sealed class InfoJsonSink : InfoSink
{
    private readonly BufferedStream _output;
    private readonly Utf8JsonWriter _json;
    private readonly InfoDocument _document;

    public InfoJsonSink(IReadOnlyList<InfoItem> items, Invocation call)
        : base(items)
    {
        _output = new BufferedStream(call.Terminal.Output, 1 << 16);
        _json = DocumentWriter.New(_output);
        _document = new InfoDocument(_json, items);
    }

    public override void Add(JobDetail job, long now) => _document.Add(job, now);

    public override void Complete()
    {
        _document.Complete();
        _output.WriteByte((byte)'\n');
        _output.Flush();
    }

    public override void Dispose() => _json.Dispose();
}
