using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Http;

/// <summary>The submissions in the body of a request.</summary>
/// <param name="IsList">Whether it is a JSON array.</param>
public sealed record SubmissionsBody(IReadOnlyList<SubmitRequest> Items, bool IsList)
{
    /// <summary>Parses a body: one submission, or an array of them.</summary>
    public static Parsed<SubmissionsBody> Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            var read =
                reader.TokenType == JsonTokenType.StartArray
                    ? ReadList(ref reader)
                    : ReadOne(ref reader);
            if (read.Ok && reader.Read())
                return Error("The body has something after its submissions.");
            return read;
        }
        catch (JsonException failure)
        {
            return Error($"The body is not valid JSON: {failure.Message}");
        }
    }

    private static Parsed<SubmissionsBody> ReadOne(ref Utf8JsonReader reader)
    {
        var one = new SubmissionReader(RemoteSource.Instance, place: null).ReadRequest(ref reader);
        return one.Ok ? new SubmissionsBody([one.Value], IsList: false) : one.Error;
    }

    private static Parsed<SubmissionsBody> ReadList(ref Utf8JsonReader reader)
    {
        var items = new List<SubmitRequest>();
        TextError? error = null;
        var known = new SubmissionReader(RemoteSource.Instance, place: null);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == SubmissionList.Most)
                return Error(
                    $"The list has more than {SubmissionList.Most} submissions; send them in several requests."
                );
            var one = known.ReadRequest(ref reader);
            error ??= one.Error is { } wrong
                ? wrong with
                {
                    Message = SubmissionList.At(items.Count, wrong.Message),
                }
                : ProblemOf(one.Value!, items.Count);
            items.Add(one.Value ?? new SubmitRequest());
        }
        return error is not null ? error
            : items.Count == 0 ? Error("The list is empty; put submissions into it.")
            : new SubmissionsBody(items, IsList: true);
    }

    private static TextError? ProblemOf(SubmitRequest request, int index) =>
        SubmissionList.ProblemOf(request) is { } problem
            ? Error(SubmissionList.At(index, problem))
            : null;

    private static TextError Error(string message) => new(0, 0, message);
}
