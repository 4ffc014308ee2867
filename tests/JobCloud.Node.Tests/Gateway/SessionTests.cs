using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Gateway;

public sealed class SessionTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Every_reply_has_the_tag_of_its_request()
    {
        const int Count = 5_000;
        using var session = gateway.Client.Cloud.Session();
        var reading = ReadAllAsync(session.ResponseStream);
        for (var i = 1; i <= Count; i++)
            await session.RequestStream.WriteAsync(Submit(i, "echo"));
        await session.RequestStream.CompleteAsync();
        var replies = await reading;
        Assert.Equal(Count, replies.Count);
        Assert.All(replies, reply => Assert.Equal(reply.Tag, (ulong)Submitted(reply).First));
        Assert.Equal(Count, replies.Select(reply => reply.Tag).Distinct().Count());
    }

    [Fact]
    public async Task A_slow_request_does_not_delay_the_others()
    {
        using var session = gateway.Client.Cloud.Session();
        await session.RequestStream.WriteAsync(Submit(1, "wait"));
        await session.RequestStream.WriteAsync(Submit(2, "echo"));
        await session.ResponseStream.MoveNext(default);
        Assert.Equal(2ul, session.ResponseStream.Current.Tag);
        gateway.Calls.Gate.TrySetResult();
        await session.ResponseStream.MoveNext(default);
        Assert.Equal(1ul, session.ResponseStream.Current.Tag);
    }

    [Fact]
    public async Task A_failed_request_does_not_affect_the_others()
    {
        using var session = gateway.Client.Cloud.Session();
        Request[] requests =
        [
            Submit(1, "throw"),
            Submit(2, "refuse"),
            new Request { Tag = 3 },
            CloudCalls.Kill.With(new()).Envelope(4),
            CloudCalls.Info.With(new() { Items = { "a", "b" } }).Envelope(5),
            Submit(6, "echo"),
        ];
        foreach (var request in requests)
            await session.RequestStream.WriteAsync(request);
        await session.RequestStream.CompleteAsync();
        var replies = (await ReadAllAsync(session.ResponseStream)).ToLookup(reply => reply.Tag);
        Assert.Equal(RefusalCode.Internal, replies[1].Single().Refusal.Code);
        Assert.Equal(ScriptedCalls.Refusal, replies[2].Single().Refusal);
        Assert.Equal(RefusalCode.NotSupported, replies[3].Single().Refusal.Code);
        Assert.Equal(1, ChangeReply.Parser.ParseFrom(replies[4].Single().Payload).Changed);
        Assert.Equal(
            ["a", "b"],
            replies[5]
                .SkipLast(1)
                .Select(reply => JobDetail.Parser.ParseFrom(reply.Payload).Command)
        );
        Assert.Equal(6, Submitted(replies[6].Single()).First);
        Assert.All(replies, answer => Assert.True(answer.Last().End));
    }

    [Fact]
    public async Task A_session_works_after_another_client_disconnected()
    {
        using (var session = gateway.Client.Cloud.Session())
        {
            for (var i = 0; i < 100; i++)
                await session.RequestStream.WriteAsync(Submit(i, "echo"));
            await session.ResponseStream.MoveNext(default);
        }
        using var next = gateway.Client.Cloud.Session();
        await next.RequestStream.WriteAsync(Submit(1, "echo"));
        await next.RequestStream.CompleteAsync();
        Assert.Single(await ReadAllAsync(next.ResponseStream));
    }

    private static Request Submit(int tag, string command) =>
        CloudCalls
            .Submit.With(
                new()
                {
                    Count = tag,
                    Spec = new JobSpec { Command = command },
                }
            )
            .Envelope((ulong)tag);

    private static SubmitReply Submitted(Reply reply) =>
        SubmitReply.Parser.ParseFrom(reply.Payload);

    private static async Task<List<Reply>> ReadAllAsync(IAsyncStreamReader<Reply> replies)
    {
        var all = new List<Reply>();
        while (await replies.MoveNext(default))
            all.Add(replies.Current);
        return all;
    }
}
