using FsCheck.Xunit;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public sealed class StoreCutOffLaws
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Property]
    public void A_member_that_the_store_heard_within_the_limit_stays(
        bool isUp,
        bool isReachable,
        byte silent,
        byte answered
    ) =>
        Assert.Equal(
            StoreCutOff.Step.None,
            Decide(new(isUp, true, isReachable, Seconds(silent % 15)), answered)
        );

    [Property]
    public void Nobody_leaves_until_the_store_has_answered_for_the_limit(
        bool isUp,
        ushort silent,
        byte answered
    ) =>
        Assert.Equal(
            StoreCutOff.Step.None,
            Decide(new(isUp, true, IsReachable: true, Seconds(silent)), answered % 15)
        );

    [Property]
    public void A_member_that_is_cut_off_leaves_after_the_limit_and_is_removed_after_twice_that(
        ushort silent,
        ushort answered
    )
    {
        var cutOff = Math.Min(silent, answered);
        StoreCutOff.Step Of(bool isUp) =>
            Decide(new(isUp, true, IsReachable: true, Seconds(silent)), answered);
        Assert.Equal(cutOff >= 15 ? StoreCutOff.Step.Leave : StoreCutOff.Step.None, Of(true));
        Assert.Equal(cutOff >= 30 ? StoreCutOff.Step.Down : StoreCutOff.Step.None, Of(false));
    }

    [Property]
    public void A_worker_and_an_unreachable_member_are_left_to_others(bool isUp, ushort silent)
    {
        Assert.Equal(
            StoreCutOff.Step.None,
            Decide(new(isUp, HoldsState: false, true, Seconds(silent)), 9_999)
        );
        Assert.Equal(
            StoreCutOff.Step.None,
            Decide(new(isUp, true, IsReachable: false, Seconds(silent)), 9_999)
        );
    }

    private static StoreCutOff.Step Decide(StoreCutOff.Member member, int answered) =>
        StoreCutOff.Decide(member, Seconds(answered), Limit);

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);
}
