using System.Text.Json;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Commands;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>
/// Reads <c>exec</c> and <c>mapexec</c> objects: their members are the options of these commands, with
/// <c>_</c> for <c>-</c> and the same meaning.
/// </summary>
internal sealed class BatchSubmission(Terminal terminal)
{
    private readonly SentFiles files = new(terminal);

    public Parsed<SubmitRequest> Read(ref Utf8JsonReader reader, bool isMap)
    {
        var spec = new JobSpec { Cores = 1, Priority = SubmissionOptions.DefaultPriority };
        var request = new SubmitRequest
        {
            Spec = spec,
            Count = 1,
            IsMap = isMap,
        };
        if (reader.TokenType == JsonTokenType.String)
            spec.Command = reader.GetString()!;
        else if (reader.TokenType != JsonTokenType.StartObject)
            return Wrong("A command is missing; write {\"exec\": {\"command\": \"…\"}}.");
        else if (ReadMembers(ref reader, request) is { } error)
            return error;
        if (spec.Command.Length == 0)
            return Wrong("A command is missing; give 'command'.");
        return isMap ? Zip(request) : request;
    }

    /// <summary>Until the map is zipped, its copies stand in <c>Count</c>.</summary>
    private static Parsed<SubmitRequest> Zip(SubmitRequest request)
    {
        var plan = MapPlan.Zip(request.Columns, request.Count);
        if (!plan.Ok)
            return plan.Error;
        request.Count = plan.Value.Count;
        return request;
    }

    private TextError? ReadMembers(ref Utf8JsonReader reader, SubmitRequest request)
    {
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var trouble =
                request.IsMap && IsOfMap(name)
                    ? ReadMapMember(name, ref reader, request)
                    : ReadMember(name, ref reader, request);
            error ??= trouble is null
                ? null
                : trouble with
                {
                    Message = $"{name}: {trouble.Message}",
                };
        }
        return error;
    }

    private TextError? ReadMember(string name, ref Utf8JsonReader reader, SubmitRequest request)
    {
        var spec = request.Spec;
        switch (name)
        {
            case "command":
                spec.Command = CommandLine.Join(JsonText.Scalars(ref reader));
                return null;
            case "label":
                spec.Label = JsonText.Scalar(ref reader);
                return null;
            case "priority":
                spec.Priority = reader.GetInt32();
                return null;
            case "type":
                spec.CoreType = JsonText.Scalar(ref reader);
                return null;
            case "cores":
                spec.Cores = reader.GetInt32();
                return null;
            case "env":
                spec.Environment = JsonText.Scalar(ref reader);
                return null;
            case "vol":
                spec.Volumes.AddRange(JsonText.Scalars(ref reader));
                return null;
            case "return":
                spec.ReturnFile = JsonText.Scalar(ref reader);
                return null;
            case "cwd":
                spec.WorkingDirectory = terminal.Absolute(JsonText.Scalar(ref reader));
                return null;
            case "shell":
                spec.Shell = JsonText.Scalar(ref reader);
                return null;
            case "retries":
                spec.Retries = reader.GetInt32();
                return null;
            case "request_id":
                request.RequestId = JsonText.Scalar(ref reader);
                return null;
            case "ignore_exit_status":
                spec.IgnoreExitStatus = reader.GetBoolean();
                return null;
            case "not_restartable":
                spec.NotRestartable = reader.GetBoolean();
                return null;
            case "profile":
                spec.Profile = reader.GetBoolean();
                return null;
            case "dry_run":
                request.DryRun = reader.GetBoolean();
                return null;
            default:
                return ReadLanguage(name, ref reader, request);
        }
    }

    /// <summary>The members whose values are in a language of ours.</summary>
    private TextError? ReadLanguage(string name, ref Utf8JsonReader reader, SubmitRequest request)
    {
        var spec = request.Spec;
        switch (name)
        {
            case "memory":
                var size = Sizes.Parse(JsonText.Scalar(ref reader));
                spec.MemoryBytes = size.Value;
                return size.Error;
            case "max_runtime":
                var runtime = Durations.Parse(JsonText.Scalar(ref reader), TimeSpan.FromMinutes(1));
                spec.MaxRuntimeMs = (long)runtime.Value.TotalMilliseconds;
                return runtime.Error;
            case "backoff":
                var backoff = Durations.Parse(JsonText.Scalar(ref reader), TimeSpan.FromSeconds(1));
                spec.RetryBackoffMs = (long)backoff.Value.TotalMilliseconds;
                return backoff.Error;
            case "depends_on":
                var jobs = Jids.Parse(JsonText.Scalar(ref reader));
                request.Dependencies = jobs.Value;
                return jobs.Error;
            case "isolate":
                return ReadIsolate(JsonText.Scalar(ref reader), spec);
            case "depends_on_errors":
                return ReadPolicy(JsonText.Scalar(ref reader), spec);
            case "data":
                return ReadData(ref reader, spec);
            case "os_env":
                foreach (var (variable, value) in JsonText.Pairs(ref reader))
                    spec.Variables.Add(new Variable { Name = variable, Value = value });
                return null;
            case "stdin":
                return ReadStdin(JsonText.Scalar(ref reader), spec);
            default:
                reader.Skip();
                return new TextError(0, 0, "there is no such option.");
        }
    }

    private static TextError? ReadPolicy(string word, JobSpec spec)
    {
        spec.DependsOnErrors = word == "ignore" ? DependencyPolicy.Ignore : DependencyPolicy.Abort;
        return word is "ignore" or "abort" ? null : Wrong($"'{word}' is not one of abort, ignore.");
    }

    private static TextError? ReadIsolate(string word, JobSpec spec)
    {
        spec.IsolateNetwork = word == SubmissionOptions.Network;
        return spec.IsolateNetwork ? null : Wrong($"'{word}' is not {SubmissionOptions.Network}.");
    }

    private TextError? ReadData(ref Utf8JsonReader reader, JobSpec spec)
    {
        foreach (var (name, value) in JsonText.Pairs(ref reader))
        {
            var parameter = MapSources.Data($"{name}={value}", files.TryRead);
            if (!parameter.Ok)
                return parameter.Error;
            spec.Data.Add(parameter.Value);
        }
        return null;
    }

    private TextError? ReadStdin(string path, JobSpec spec)
    {
        if (files.TryRead(path) is not { } content)
            return Wrong($"the file {path} cannot be read.");
        spec.Stdin = content;
        return null;
    }

    private static bool IsOfMap(string name) =>
        name is "map_data" or "range" or "copies" or "max_parallel" or "max_fails";

    private TextError? ReadMapMember(string name, ref Utf8JsonReader reader, SubmitRequest request)
    {
        switch (name)
        {
            case "copies":
                request.Count = reader.GetInt64();
                return null;
            case "max_parallel":
                request.Spec.MaxParallel = reader.GetInt32();
                return null;
            case "max_fails":
                request.Spec.MaxFails = reader.GetInt32();
                return null;
            case "range":
                foreach (var text in JsonText.Scalars(ref reader))
                {
                    var column = MapSources.Range(text);
                    if (!column.Ok)
                        return column.Error;
                    request.Columns.Add(column.Value);
                }
                return null;
            default:
                return ReadMapData(ref reader, request);
        }
    }

    private TextError? ReadMapData(ref Utf8JsonReader reader, SubmitRequest request)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Wrong("an object of lists is missing.");
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = new MapColumn { Name = reader.GetString(), List = new ValueList() };
            reader.Read();
            column.List.Values.AddRange(JsonText.Scalars(ref reader));
            var sent = MapSources.WithFiles(column, files.TryRead);
            error ??= sent.Error;
            if (sent.Ok)
                request.Columns.Add(sent.Value);
        }
        return error;
    }

    private static TextError Wrong(string message) => new(0, 0, message);
}
