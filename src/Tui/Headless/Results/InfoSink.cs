using System.Globalization;
using System.Text;
using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
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

/// <summary>Writes a heading for each job and lines <c>item: value</c>. A value of several lines
/// starts below its name.</summary>
internal sealed class InfoTextSink(IReadOnlyList<InfoItem> items, Invocation call) : InfoSink(items)
{
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
        foreach (var item in Items)
        {
            var value = item.Read(job, now);
            var text = InfoText.Render(value, call.OffsetAt(now)).TrimEnd('\n');
            if (text.Length == 0)
                continue;
            var isOutput = value is InfoValue.Text && (item.Need & OutputsOfJob) != 0;
            var shown = isOutput ? text : VisibleText.Of(text);
            if (isQuiet)
                _output.Write($"{shown}\n");
            else if (shown.Contains('\n') || (item.Need & OfSeveralLines) != 0)
                _output.Write($"{item.Name}:\n{shown}\n");
            else
                _output.Write($"{item.Name}: {shown}\n");
            if (item.PartialReason(job) is { } missed && !isQuiet)
                _output.Write($"({item.Name}: {VisibleText.Of(missed)})\n");
        }
        _output.Flush();
    }

    public override void Complete() => _output.Flush();

    public override void Dispose() => _output.Dispose();
}

/// <summary>Writes one object keyed by jid.</summary>
internal sealed class InfoJsonSink : InfoSink
{
    private readonly BufferedStream _output;
    private readonly Utf8JsonWriter _json;
    private bool _hasBegun;

    public InfoJsonSink(IReadOnlyList<InfoItem> items, Invocation call)
        : base(items)
    {
        _output = new BufferedStream(call.Terminal.Output, 1 << 16);
        _json = ReportWriter.NewJson(_output);
    }

    public override void Add(JobDetail job, long now)
    {
        Begin();
        _json.WritePropertyName(job.Jid.ToString(CultureInfo.InvariantCulture));
        InfoJson.Write(_json, Items, job, now);
        _json.Flush();
    }

    public override void Complete()
    {
        Begin();
        _json.WriteEndObject();
        _json.Flush();
        _output.WriteByte((byte)'\n');
        _output.Flush();
    }

    public override void Dispose() => _json.Dispose();

    /// <summary>Nothing is written for a refused request.</summary>
    private void Begin()
    {
        if (!_hasBegun)
            _json.WriteStartObject();
        _hasBegun = true;
    }
}
