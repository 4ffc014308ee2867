using System.Buffers;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Text;
using Microsoft.AspNetCore.Http;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Reads the bodies of requests within limits of size, memory and time.</summary>
/// <param name="most">Maximum size of one body.</param>
/// <param name="perUser">Maximum size of all bodies of one user.</param>
internal sealed class BodyReader(int most, long perUser)
{
    private readonly UserBudget _budget = new(perUser);

    /// <summary>Maximum size of one body, and of one gathered answer.</summary>
    public int Most => most;

    /// <summary>Takes memory for a gathered answer until it is disposed of; null: the user has too
    /// little left.</summary>
    public IDisposable? TryTake(Identity by) => _budget.TryTake(by.User, most);

    public static HttpError Busy() =>
        Refusals.Of(
            RefusalCode.Busy,
            "Your other requests use the memory that the node gives to one user (jobcloud.gateway.memory-per-user); try again when some of them have ended."
        );

    /// <summary>A body, and its place in memory until it is disposed of.</summary>
    internal sealed record Body(ReadOnlyMemory<byte> Bytes, IDisposable Place) : IDisposable
    {
        public void Dispose() => Place.Dispose();
    }

    /// <summary>Refuses a body before it is read.</summary>
    private HttpError? Check(HttpRequest request) =>
        request.ContentLength > most ? TooLarge() : null;

    /// <summary>Reads a body.</summary>
    /// <returns>The error, or null.</returns>
    public async Task<(Body? Body, HttpError? Error)> ReadAsync(HttpContext http, Identity by)
    {
        if (Check(http.Request) is { } large)
            return (null, large);
        if (_budget.TryTake(by.User, http.Request.ContentLength ?? most) is not { } place)
            return (null, Busy());
        var (bytes, error) = await ReadAllAsync(http);
        if (error is null)
            return (new Body(bytes, place), null);
        place.Dispose();
        return (null, error);
    }

    private async Task<(ReadOnlyMemory<byte> Bytes, HttpError? Error)> ReadAllAsync(
        HttpContext http
    )
    {
        using var parts = new BodyParts(http);
        var body = new ArrayBufferWriter<byte>();
        while (await parts.NextAsync() is { IsEmpty: false } part)
        {
            if (body.WrittenCount + part.Length > most)
                return (default, TooLarge());
            body.Write(part.Span);
        }
        return (body.WrittenMemory, parts.Error);
    }

    private HttpError TooLarge() =>
        Refusals.Of(
            RefusalCode.TooLarge,
            $"The body has more than {Sizes.Print(most)}, which the node accepts (jobcloud.gateway.max-message-size); put large files where the jobs can read them, and name their paths."
        );
}
