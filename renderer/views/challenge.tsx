export function ChallengeView() {
  return null;
}
