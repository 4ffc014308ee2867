using FsCheck.Xunit;
using JobCloud.Node.Daemon.Outputs;

namespace JobCloud.Node.Tests.Outputs;

public sealed class RetentionPolicyLaws
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(100);
    private static readonly OutputSettings Limits = new()
    {
        MaxAge = TimeSpan.FromDays(20),
        MaxTotal = 300,
    };

    [Property]
    public void Oldest_output_is_deleted_until_all_limits_hold((byte Bytes, byte Days)[] dice)
    {
        var (folders, all) = Keep(dice);
        var expected = all.Where(a => !Spared(a)).OrderBy(a => a.LastWrite).ToList();
        var total = all.Sum(a => a.Bytes);
        var kept = expected
            .SkipWhile(a =>
            {
                var isDeleted = Now - a.LastWrite > Limits.MaxAge || total > Limits.MaxTotal;
                total -= isDeleted ? a.Bytes : 0;
                return isDeleted;
            })
            .Count();
        var deletions = Choose(folders, all).Select(d => d.Attempt).ToArray();
        Assert.Equal(expected.SkipLast(kept), deletions);
    }

    [Property]
    public void Within_the_limits_no_directory_is_opened((byte Bytes, byte Days)[] dice)
    {
        var young = dice.Take(1).Select(d => ((byte)1, (byte)(d.Days % 20))).ToArray();
        var (folders, _) = Keep(young);
        Assert.Empty(
            RetentionPolicy.Choose(
                folders,
                _ => throw new InvalidOperationException(),
                Spared,
                Now,
                Limits
            )
        );
    }

    private static OutputDeletion[] Choose(IEnumerable<KeptFolder> folders, KeptAttempt[] all) =>
        [
            .. RetentionPolicy.Choose(
                folders,
                folder => all.Where(a => FolderOf(a) == folder.Path),
                Spared,
                Now,
                Limits
            ),
        ];

    private static (List<KeptFolder>, KeptAttempt[]) Keep((byte Bytes, byte Days)[] dice)
    {
        var all = dice.Select(
                (d, i) =>
                    new KeptAttempt(
                        new(i + 1, 1),
                        d.Bytes,
                        Now.AddDays(-(d.Days % 40)).AddSeconds(i)
                    )
            )
            .ToArray();
        var folders = all.GroupBy(FolderOf)
            .Select(f => new KeptFolder(f.Key, f.Sum(a => a.Bytes), f.Min(a => a.LastWrite)));
        return ([.. folders], all);
    }

    private static string FolderOf(KeptAttempt attempt) => $"{attempt.Id.Jid / 3}";

    private static bool Spared(KeptAttempt attempt) => attempt.Id.Jid % 5 == 0;
}
