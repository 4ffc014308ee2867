using Grpc.Core;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Tests.Wire;

/// <summary>Only an answer is an answer: whatever status a closed connection is reported with, the
/// request is repeated.</summary>
public class CallFailuresLaws
{
    public static TheoryData<StatusCode> Statuses => [.. Enum.GetValues<StatusCode>()];

    public static TheoryData<RefusalCode> Refusals => [.. Enum.GetValues<RefusalCode>()];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_broken_connection_is_not_an_answer_whatever_its_status(StatusCode status) =>
        Assert.Equal(
            // The time limit of the client itself.
            status is StatusCode.OK or StatusCode.DeadlineExceeded
                ? CallFailure.Final
                : CallFailure.NoAnswer,
            CallFailures.Of(status, isFromNode: false, refusal: null)
        );

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_status_of_the_node_is_an_answer_unless_it_reports_a_closed_connection(
        StatusCode status
    ) =>
        Assert.Equal(
            status is StatusCode.Unavailable or StatusCode.Cancelled
                ? CallFailure.NoAnswer
                : CallFailure.Final,
            CallFailures.Of(status, isFromNode: true, refusal: null)
        );

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_counts_and_not_the_status_that_carries_it(RefusalCode code)
    {
        var expected = code switch
        {
            RefusalCode.Busy => CallFailure.NoAnswer,
            RefusalCode.StoreUnavailable => CallFailure.NoStore,
            _ => CallFailure.Final,
        };
        Assert.Equal(expected, CallFailures.Of(code));
        foreach (var status in Enum.GetValues<StatusCode>())
        foreach (var isFromNode in new[] { false, true })
            Assert.Equal(expected, CallFailures.Of(status, isFromNode, code));
    }

    [Fact]
    public void The_refusal_and_the_origin_are_read_from_the_exception()
    {
        var refusal = new Refusal { Code = RefusalCode.DeletedJob };
        var closed = new Grpc.Core.Status(StatusCode.Internal, "closed", new IOException());
        Assert.Equal(CallFailure.NoAnswer, CallFailures.Of(new RpcException(closed)));
        Assert.Equal(
            CallFailure.Final,
            CallFailures.Of(new RpcException(closed, RefusalTrailer.Of(refusal)))
        );
        Assert.Equal(
            CallFailure.Final,
            CallFailures.Of(new RpcException(new Grpc.Core.Status(StatusCode.Internal, "bug")))
        );
    }
}
