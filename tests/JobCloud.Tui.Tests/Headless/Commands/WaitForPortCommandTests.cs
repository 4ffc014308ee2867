using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class WaitForPortCommandTests : CommandTest
{
    [Theory]
    [InlineData("no-header", "10.0.0.7  42001\n")]
    [InlineData("quiet", "10.0.0.7 42001\n")]
    [InlineData("default", "address   port\n10.0.0.7  42001\n")]
    public async Task Wait_for_port_prints_the_address_of_the_port(string format, string expected)
    {
        Cloud.Await = _ => [Ends(false, (Status.Queued, 1)), Reached("10.0.0.7", 42_001)];

        var ran = await RunAsync("-o", format, "wait-for", "port", "7", "8000");

        Assert.Equal((0, expected), (ran.Code, ran.Output));
        var request = Cloud.The<AwaitRequest>();
        Assert.Equal(
            (AwaitMode.Port, Transport.Tcp, 8000),
            (request.Mode, request.Transport, request.Port)
        );
        Assert.Equal([Range(7, 7)], request.Jobs.Items);
    }

    [Fact]
    public async Task The_job_and_the_protocol_are_members_in_JSON()
    {
        Cloud.Await = _ => [Reached("127.0.0.1", 53, Transport.Udp)];

        var ran = await RunAsync("-o", "json", "wait-for", "port", "7", "53", "-p", "udp");

        Assert.Equal(
            """{"version":1,"jid":7,"protocol":"udp","address":"127.0.0.1","port":53}""",
            ran.Output.TrimEnd()
        );
        Assert.Equal(Transport.Udp, Cloud.The<AwaitRequest>().Transport);
    }

    [Fact]
    public async Task A_finished_job_exits_with_3()
    {
        var last = Ends(true, (Status.Done, 1));
        last.Refusal = new Refusal { Message = "Job 7 is done.", Jid = 7 };
        Cloud.Await = _ => [last];

        var ran = await RunAsync("wait-for", "port", "7", "8000");

        Assert.Equal((3, "", "Job 7 is done.\n"), (ran.Code, ran.Output, ran.Error));
    }

    [Fact]
    public async Task An_expired_time_limit_reports_the_current_status()
    {
        Cloud.Await = _ => [Ends(false, (Status.Queued, 1)), Ends(false, (Status.Processing, 1))];

        var ran = await RunAsync("wait-for", "port", "7", "8000", "-t", "0.05");

        Assert.Equal(
            (
                3,
                "Timed out after 0.05 s: job 7 does not listen on tcp port 8000; it is processing.\n"
            ),
            (ran.Code, ran.Error)
        );
    }

    [Theory]
    [InlineData("7")]
    [InlineData("7", "0")]
    [InlineData("7", "65536")]
    [InlineData("7", "http")]
    [InlineData("7-8", "80")]
    [InlineData("7", "80", "-p", "sctp")]
    public async Task Wait_for_port_requires_one_jid_one_port_and_a_known_protocol(
        params string[] args
    )
    {
        Assert.Equal(2, (await RunAsync(["wait-for", "port", .. args])).Code);
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task A_usage_error_names_the_help_of_the_subcommand() =>
        Assert.EndsWith(
            " See 'jobcloud help wait-for port'.\n",
            (await RunAsync("wait-for", "port", "7", "http")).Error
        );

    private static AwaitReply Reached(string address, int port, Transport transport = default)
    {
        var reply = Ends(true, (Status.Processing, 1));
        reply.Port = new JobPort
        {
            Transport = transport,
            Port = 8000,
            Address = address,
            ReachedPort = port,
        };
        return reply;
    }
}
